select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.trusted('guardduty.amazonaws.com');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com');
select fixture.guardduty('222222222222');

-- What that account holds is not known, and it could be any of these.
select fixture.read('aws_organizations_delegated_services', 'denied', scope => '333333333333');
