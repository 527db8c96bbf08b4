select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');

select fixture.trusted('config-multiaccountsetup.amazonaws.com');
select fixture.delegated('222222222222', 'config.amazonaws.com');
select fixture.delegated('222222222222', 'config-multiaccountsetup.amazonaws.com');
