DROP INDEX event_audience_position;
