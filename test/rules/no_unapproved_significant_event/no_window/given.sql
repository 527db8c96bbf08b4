-- An older version synced.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
update aws_delegation_settings set events_lookback_days = null;
