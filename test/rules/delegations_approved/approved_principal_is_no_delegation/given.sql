select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.delegated('222222222222', 'config.amazonaws.com');
insert into aws_delegation_approvals (_cq_sync_time, _cq_source_name, account_id, kind, service, principal, method, region, action, approved_by, approved_on)
values (fixture.time(), 'prod', '111111111111', 'principal', '', 'arn:aws:iam::222222222222:role/a', '', '', '*', 'Ada', '2026-01-02');
