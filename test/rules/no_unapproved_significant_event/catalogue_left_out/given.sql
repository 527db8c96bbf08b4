select fixture.organization();
select fixture.settings('{"has_approvals": true}');
delete from aws_delegation_services;
select fixture.read('aws_delegation_services', 'skipped');
select fixture.event('66666666-aaaa', 'guardduty:EnableOrganizationAdminAccount', '{"adminAccountId": "222222222222"}', '{"region": "eu-central-1"}');
