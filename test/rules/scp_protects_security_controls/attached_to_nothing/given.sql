-- Known wrong answer: an SCP that is attached to nothing passes.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.trusted('guardduty.amazonaws.com');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "*", "Resource": "*"}]', '{}');
