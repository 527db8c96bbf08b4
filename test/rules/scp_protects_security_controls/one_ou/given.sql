select fixture.organization();
select fixture.ou('/Shops');
select fixture.account('222222222222', 'Shop', '/Shops');
select fixture.account('333333333333', 'Lab');
select fixture.trusted('guardduty.amazonaws.com');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*"}]', '{/Shops}');
