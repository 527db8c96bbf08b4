select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.event('99999999-bbbb', 'organizations:LeaveOrganization', null, '{"error_code": "AccessDenied"}');
