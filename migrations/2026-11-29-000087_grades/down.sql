DROP TABLE exchange_cleared_pair, exchange_clearing, delivery_part, delivery_measurement, contract_line_differential;
