select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Known wrong answer: with several administrators only the last is judged.
select fixture.more_services();
select fixture.delegated('222222222222', 'fms.amazonaws.com');
select fixture.delegated('333333333333', 'fms.amazonaws.com');
select fixture.administrator('aws_fms_organization_admin_accounts', '333333333333');
select fixture.administrator('aws_fms_organization_admin_accounts', '222222222222');
