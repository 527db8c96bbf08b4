-- Known wrong answer: a policy denies macie:*, which protects nothing in macie2.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.trusted('macie.amazonaws.com');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "macie:*", "Resource": "*"}]', '{/}');
