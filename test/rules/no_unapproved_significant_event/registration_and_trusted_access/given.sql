select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security');
select fixture.event('77777777-aaaa', 'organizations:EnableAWSServiceAccess', '{"servicePrincipal": "guardduty.amazonaws.com"}');
select fixture.event('77777777-bbbb', 'organizations:RegisterDelegatedAdministrator', '{"accountId": "222222222222", "servicePrincipal": "guardduty.amazonaws.com"}');
select fixture.event('77777777-cccc', 'organizations:PutResourcePolicy', '{"content": "{}"}');
select fixture.event('77777777-dddd', 'organizations:UpdatePolicy', '{"policyId": "p-FullAWSAccess", "content": "{}"}');
