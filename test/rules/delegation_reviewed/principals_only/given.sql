select fixture.organization();
select fixture.settings('{"has_approvals": true}');
insert into aws_delegation_approvals (_cq_sync_time, _cq_source_name, account_id, kind, service, principal, method, region, action, approved_by, approved_on, review_by)
values (fixture.time(), 'prod', '111111111111', 'principal', '', 'arn:aws:iam::222222222222:role/a', '', '', '*', 'Ada', '2019-01-02', '2020-01-01');
