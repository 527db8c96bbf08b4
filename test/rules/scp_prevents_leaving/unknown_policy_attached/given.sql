-- Created between ListPolicies and the reading of attachments: it may be anything.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.attach('p-newborn', '222222222222');
