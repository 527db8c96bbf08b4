select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
-- Whether a service that cannot be asked matters is then not known.
select fixture.read('aws_organizations_service_access', 'denied');
select fixture.delegated('222222222222', 'config.amazonaws.com');
