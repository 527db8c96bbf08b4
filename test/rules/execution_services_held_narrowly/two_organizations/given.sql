select fixture.organization();
select fixture.execution_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.delegated('222222222222', 'sso.amazonaws.com');

-- Another account there holds it too, and one holder in each is one holder.
select set_config('fixture.source', 'other', false), set_config('fixture.management', '888888888888', false);
select fixture.organization();
update aws_organizations set id = 'o-other' where _cq_source_name = 'other';
select fixture.execution_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.delegated('333333333333', 'sso.amazonaws.com');
select set_config('fixture.source', '', false), set_config('fixture.management', '', false);
