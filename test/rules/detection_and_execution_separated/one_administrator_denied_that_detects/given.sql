-- By the service itself it is known to detect.
select fixture.organization();
select fixture.execution_services();
select fixture.both_security_hubs_asked();
select fixture.settings('{"separation_of_duties": true}');
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com'), fixture.delegated('222222222222', 'cloudtrail.amazonaws.com');
select fixture.guardduty('222222222222');
select fixture.delegated('333333333333', 'stacksets.cloudformation.amazonaws.com'), fixture.delegated('333333333333', 'ssm.amazonaws.com');
select fixture.security_hub('333333333333', '{us-east-1}');
select fixture.delegated('222222222222', 'sso.amazonaws.com');
select fixture.account('444444444444', 'Detection');
select fixture.security_hub_v2('444444444444');
select fixture.read('aws_organizations_delegated_services', 'denied', scope => '444444444444');
