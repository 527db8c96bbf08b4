select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
delete from aws_ec2_regions;
select fixture.read('aws_ec2_regions', 'denied');
select fixture.approval('guardduty', '222222222222', 'service', 'us-east-1');
