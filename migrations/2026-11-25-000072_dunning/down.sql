DROP TABLE dunning_notice, dunning_level, dunning_policy;
