select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.delegated('222222222222', 'config.amazonaws.com');
select fixture.approval('config', '222222222222');
set fixture.source = 'acquired';
set fixture.management = '999999999999';
select fixture.organization();
update aws_organizations set id = 'o-acquired' where _cq_source_name = 'acquired';
select fixture.settings('{"has_approvals": true}');
-- What the one has approved the other has not.
select fixture.delegated('222222222222', 'config.amazonaws.com');
reset fixture.source;
reset fixture.management;
