select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
delete from aws_ec2_regions;
select fixture.read('aws_ec2_regions', 'denied');
select fixture.trusted('guardduty.amazonaws.com');
