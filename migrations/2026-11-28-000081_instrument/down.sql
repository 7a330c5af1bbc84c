DROP TABLE instrument;
DROP TABLE trading_schedule;
