DROP TABLE refresh_token, session, bank_account, api_client_secret, api_client, password_reset, invitation, member, person,
    verification, organisation_address, organisation_identifier, organisation;
