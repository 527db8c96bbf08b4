select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-broken', 'x', '{/}');
