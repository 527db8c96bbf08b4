select fixture.organization();
select fixture.settings('{"has_approvals": true}');
