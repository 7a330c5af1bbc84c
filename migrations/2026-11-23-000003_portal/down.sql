DROP TABLE portal_rules_acceptance, portal_member, portal_rules, portal;
DROP FUNCTION portal_member_bars();
