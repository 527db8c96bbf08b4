select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.more_services();
select fixture.administrator('aws_detective_organization_admin_accounts', '222222222222', '{us-east-1}');
