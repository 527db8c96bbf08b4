select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.read('aws_delegation_approvals', 'skipped');
