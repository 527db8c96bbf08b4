select fixture.organization();
select fixture.account('222222222222', 'Shop');
