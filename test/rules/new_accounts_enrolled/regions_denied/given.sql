select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.guardduty('222222222222');
delete from aws_ec2_regions;
select fixture.read('aws_ec2_regions', 'denied');
select fixture.read('aws_guardduty_organization_admin_accounts', 'ok', region => region), fixture.read('aws_guardduty_organization_configurations', 'ok', region => region)
from unnest(array['eu-central-1', 'us-east-1']) as region;
select fixture.guardduty_enrolls('222222222222', 'ALL');
select fixture.delegated('222222222222', 'securitylake.amazonaws.com'), fixture.security_hub_v2('222222222222');
