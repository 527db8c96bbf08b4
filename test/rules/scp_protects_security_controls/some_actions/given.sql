select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.trusted('guardduty.amazonaws.com');
select fixture.trusted('macie.amazonaws.com');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": ["guardduty:DeleteDetector", "guardduty:UpdateDetector", "macie2:DisableMacie"], "Resource": "*"}]', '{/}');
