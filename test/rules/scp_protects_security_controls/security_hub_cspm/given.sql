select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.both_security_hubs_asked();
select fixture.security_hub('222222222222');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "securityhub:*", "Resource": "*"}]', '{/}');
