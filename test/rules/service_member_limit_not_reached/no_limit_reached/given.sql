select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.guardduty('222222222222');
select fixture.security_hub('222222222222');
select fixture.administrator('aws_macie2_organization_admin_accounts', '222222222222', '{eu-central-1, us-east-1}');
select fixture.administrator('aws_inspector2_organization_admin_accounts', '222222222222', '{eu-central-1, us-east-1}');
-- That nobody is enrolled is another rule's.
select fixture.guardduty_enrolls('222222222222', 'NONE');
select fixture.configuration('securityhub', '222222222222', '{eu-central-1, us-east-1}', '{"member_account_limit_reached": false}');
select fixture.configuration('macie2', '222222222222', '{eu-central-1, us-east-1}', '{"max_account_limit_reached": false}');
select fixture.configuration('inspector2', '222222222222', '{eu-central-1, us-east-1}', '{"max_account_limit_reached": false}');
