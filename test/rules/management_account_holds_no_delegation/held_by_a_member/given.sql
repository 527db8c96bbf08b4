select fixture.organization();
select fixture.account('222222222222', 'Security');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com');
select fixture.guardduty('222222222222');
