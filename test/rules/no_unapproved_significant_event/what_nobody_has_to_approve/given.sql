select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Shop');
select fixture.event('99999999-aaaa', 'organizations:MoveAccount', '{"accountId": "222222222222", "sourceParentId": "r-root", "destinationParentId": "ou-root-shop"}');
