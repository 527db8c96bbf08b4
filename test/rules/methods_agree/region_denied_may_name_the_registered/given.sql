select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Organizations names two, and the Region that was denied may name the second.
select fixture.delegated('222222222222', 'guardduty.amazonaws.com');
select fixture.delegated('333333333333', 'guardduty.amazonaws.com');
select fixture.guardduty('222222222222', '{us-east-1}');
select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'eu-central-1');
