select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Known wrong answer: V2 names one of the two that are registered, and that CSPM names the other one was not read.
select fixture.both_security_hubs_asked();
select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
select fixture.delegated('333333333333', 'securityhub.amazonaws.com');
select fixture.security_hub_v2('333333333333');
select fixture.read('aws_securityhub_organization_admin_accounts', 'denied', region => 'us-east-1');
select fixture.read('aws_securityhub_organization_admin_accounts', 'denied', region => 'eu-central-1');
