select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security');
select fixture.approval('guardduty', '222222222222');
select fixture.event('33333333-aaaa', 'guardduty:EnableOrganizationAdminAccount', '{"adminAccountId": "222222222222"}', '{"region": "eu-central-1"}');
