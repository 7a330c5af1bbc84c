DROP TABLE punchout_session;
