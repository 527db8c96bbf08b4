-- A matter of org_all_features_enabled.
select fixture.organization();
select fixture.invitation('h-all', '9 days', '{"action": "ENABLE_ALL_FEATURES", "state": "REQUESTED"}'),
    fixture.invitation('h-yes', '9 days', '{"action": "APPROVE_ALL_FEATURES"}');
