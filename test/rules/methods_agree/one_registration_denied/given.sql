select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- One of two administrators is not known, and the one that is known is named by nobody.
select fixture.delegated('333333333333', 'guardduty.amazonaws.com');
select fixture.read('aws_organizations_delegated_services', 'denied', '444444444444');
