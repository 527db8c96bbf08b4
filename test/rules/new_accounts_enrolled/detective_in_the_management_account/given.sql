select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.administrator('aws_detective_organization_admin_accounts', '111111111111', '{us-east-1}'), fixture.administrator('aws_detective_organization_admin_accounts', '222222222222', '{eu-central-1}');
select fixture.configuration('detective', '111111111111', '{us-east-1}', '{"auto_enable": true}'), fixture.configuration('detective', '222222222222', '{eu-central-1}', '{"auto_enable": true}');
select fixture.configuration('detective', '222222222222', '{eu-central-1}', '{"auto_enable": null, "graph_arn": "arn:second"}');
