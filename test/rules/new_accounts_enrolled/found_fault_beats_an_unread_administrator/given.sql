select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.guardduty('222222222222');
select fixture.guardduty('333333333333', '{us-east-1}');
select fixture.guardduty_enrolls('222222222222', 'ALL', '{eu-central-1}'), fixture.guardduty_enrolls('222222222222', 'NONE', '{us-east-1}');
select fixture.no_access('aws_guardduty_organization_configurations', '{us-east-1}', '333333333333');
