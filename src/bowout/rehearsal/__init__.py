"""The rehearsal loop over the ports: play a line, listen, recognise, answer, mark."""
