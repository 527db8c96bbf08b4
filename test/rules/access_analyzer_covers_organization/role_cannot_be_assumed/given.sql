select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.trusted('access-analyzer.amazonaws.com'), fixture.delegated('222222222222', 'access-analyzer.amazonaws.com');
select fixture.no_role('aws_accessanalyzer_analyzers', '222222222222', scope => '222222222222');
