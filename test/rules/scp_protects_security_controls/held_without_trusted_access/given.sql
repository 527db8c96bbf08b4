-- An administrator by the service itself is use as well; and so is one of the management account, which shows in no Organizations list.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.guardduty('111111111111', '{us-east-1}');
