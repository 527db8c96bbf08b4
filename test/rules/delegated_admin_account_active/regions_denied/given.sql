select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
delete from aws_ec2_regions;
select fixture.read('aws_ec2_regions', 'denied');
