select fixture.organization();
select fixture.scp('p-broken', 'x', '{/}');
