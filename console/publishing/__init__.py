"""What publishing would do, put together from the programme, its conflicts, sign-ups and mails."""
