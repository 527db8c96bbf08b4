select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.account('444444444444', 'Gone', '/Security', 'SUSPENDED');
select fixture.guardduty('222222222222', '{us-east-1}', 'DISABLE_IN_PROGRESS'), fixture.guardduty('444444444444', '{eu-central-1}');
select fixture.guardduty_enrolls('222222222222', 'ALL', '{us-east-1}');
