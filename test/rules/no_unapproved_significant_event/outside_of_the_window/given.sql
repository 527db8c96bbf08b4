select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.settings('{"has_approvals": true, "events_lookback_days": 30}');
select fixture.event('44444444-aaaa', 'organizations:DeletePolicy', '{"policyId": "p-old"}', jsonb_build_object('event_time', fixture.time() - interval '30 days 1 second'));
select fixture.event('44444444-bbbb', 'organizations:DeletePolicy', '{"policyId": "p-new"}', jsonb_build_object('event_time', fixture.time() - interval '30 days'));
