-- Known wrong answer: a suspended account still counts as holder. Here it does: what it left on is in use.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.account('333333333333', 'Old', '/', 'SUSPENDED');
select fixture.delegated('333333333333', 'guardduty.amazonaws.com');
